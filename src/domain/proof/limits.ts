// How large a change may be before a person should write it, and how many a repository gets at once.

/** Files touched, and lines added or removed. The fixes people merge from bots are small. */
export const changeLimits = { files: 5, lines: 80 };

/** Pull requests open at once, opened in a day, and further attempts of a fixer after red CI. */
export const pullLimits = { open: 5, perDay: 10, retries: 1 };
