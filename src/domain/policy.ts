export function pathRefusal(_path: string): string | null {
  return null;
}
