// The only file that starts a program.
export {};
