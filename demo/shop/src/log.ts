type Fields = Record<string, string | number | boolean>;

function write(level: string, message: string, fields: Fields): void {
  process.stderr.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}

/** One line of JSON for each event, on standard error. */
export const log = {
  info: (message: string, fields: Fields = {}) => write('info', message, fields),
  warn: (message: string, fields: Fields = {}) => write('warn', message, fields),
};
