// The names of the fixers there can be, as people write them, in the order in which they are asked.

export const fixerNames = ['templates', 'agent', 'command'] as const;
