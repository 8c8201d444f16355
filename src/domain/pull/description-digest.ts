// A short name for a description, to see whether somebody else has changed it since. Not for secrets: it is no hash
// that resists anybody.

const prime = 0x100_0000_01b3n;
const start = 0xcbf2_9ce4_8422_2325n;

/** FNV-1a over 64 bits; line ends and space at the end do not count, for hosts change those. */
export function digestOf(text: string): string {
  let digest = start;
  for (const unit of text.replaceAll('\r\n', '\n').trimEnd()) {
    digest = BigInt.asUintN(64, (digest ^ BigInt(unit.codePointAt(0) ?? 0)) * prime);
  }
  return digest.toString(36);
}
