// How large a change may be before a person should write it.

/** Files touched, and lines added or removed. The fixes people merge from bots are small. */
export const changeLimits = { files: 5, lines: 80 };
