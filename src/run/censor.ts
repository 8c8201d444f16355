// Takes secrets out of text: known ones by value, unknown ones by their shape.
// It must not decide what is worth hiding beyond that; callers name their secrets.

const mark = '[secret]';

const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // GitHub's tokens; the newer ones carry a JWT and have no fixed length (reference github.md, 1.9).
  /\b(?:gh[pousr]_[A-Za-z0-9_.-]{10,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /\bsntry[a-z]{0,2}_[A-Za-z0-9+/=_.-]{10,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  // With a digit or a padding: "basic functionality" in a test's name is no secret.
  /(?<=\b(?:Bearer|Basic)\s{1,3})(?=[A-Za-z+/_.~-]*[0-9=])[A-Za-z0-9+/=_.~-]{8,}/gi,
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{0,100}:[^\s/@]{1,300}(?=@)/gi,
];

/** Replaces each of these values, also as written in a URL. Values shorter than 4 characters are left. */
export function censor(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const longestFirst = forms.filter((form) => form.length >= 4).toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, form) => rest.replaceAll(form, mark), text);
}

/** Replaces whatever looks like a token, a key or a password in an address. */
export function censorShapes(text: string): string {
  return shapes.reduce((rest, shape) => rest.replace(shape, mark), text);
}
