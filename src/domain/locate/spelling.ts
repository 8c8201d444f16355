// Turns the path a frame reports into plain segments that can be compared with repository paths.
// It must not look at the repository: a spelling is only ever compared, never opened.

/** A reported path, cleaned. */
export type Spelling = {
  /** No empty segment, no `.`, no `..`. */
  segments: string[];
  /** True when it starts at a root of some machine or host: what precedes our files is unknown. */
  rooted: boolean;
  /** True for an address of a web server: the file is what the browser loaded, maybe a bundle. */
  served: boolean;
};

/** Longer paths are not paths (the source itself cuts at 2,048; reference sentry.md, 2.5). */
const longestPath = 2048;

/** Names that stand for "there is no file". */
const noFile = /^(?:<[^>]*>|\[[^\]]*\]|native|unknown|\?+|null|undefined|-)$/;

/** Schemes whose authority is part of the name of a bundle, not of the path. */
const bundleScheme = /^(?:webpack-internal|webpack|turbopack|ng|rsc|vite|metro|parcel|rollup):\/\//i;
const hostScheme =
  /^(?:https?|tauri|capacitor|ionic|chrome-extension|moz-extension|safari-web-extension|file|app|asset|electron|resource):\/\//i;
const machineSchemes = /^(?:file|app|asset|electron|resource):/i;

/** Bundlers put the layer, the project or nothing in front of a path: `(rsc)/./src/a.ts`. */
const bundleLayer = /^(?:\((?:[\w-]+)\)|\[project\]|_N_E|~)$/;

/**
 * Reads a reported path of any platform: addresses, webpack and Vite names, Windows paths, `~/`,
 * `./`, `../`, queries and hashes (reference sentry.md, 7.1 to 7.3). Null when it names no file.
 */
export function spell(reported: string | null): Spelling | null {
  if (reported === null || reported.length > longestPath || reported.includes('\0')) return null;
  const text = reported.trim();
  if (text === '' || noFile.test(text) || /^(?:data|blob|node|native|eval|about):/i.test(text)) return null;
  const named = withoutScheme(text);
  const path = decoded(withoutQuery(named.path)).replaceAll('\\', '/');
  const withoutDrive = path.replace(/^\/?[A-Za-z]:(?=\/)/, '');
  const segments = cleanSegments(withoutDrive.split('/'));
  if (segments.length === 0) return null;
  const rooted = !named.bundled && (named.served || withoutDrive.startsWith('/') || withoutDrive !== path);
  return { segments, rooted, served: named.served };
}

function withoutScheme(address: string): { path: string; served: boolean; bundled: boolean } {
  // React's server frames wrap another address: rsc://React/Server/webpack-internal:///(rsc)/./a.ts
  const text = address.replace(/^rsc:\/\/React\/\w+\//, '');
  if (bundleScheme.test(text)) {
    const rest = text.replace(bundleScheme, '');
    // webpack://name/./src/a.js and webpack:///./src/a.js: up to the first slash is the bundle's name.
    const path = rest.slice(Math.max(rest.indexOf('/'), 0));
    const machinePath = path.startsWith('//');
    return {
      path: machinePath ? path.slice(1) : path.replace(/^\//, ''),
      served: false,
      bundled: !machinePath,
    };
  }
  if (!hostScheme.test(text)) return { path: text, served: false, bundled: false };
  const rest = text.replace(hostScheme, '');
  const path = rest.slice(Math.max(rest.indexOf('/'), 0));
  const machine = machineSchemes.test(text);
  return { path, served: !machine, bundled: /^app:/i.test(text) };
}

/** `Button.vue?1a2b` is a part of Button.vue; a hash is a place in it. */
function withoutQuery(path: string): string {
  return path.replace(/[?#].*$/s, '');
}

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Resolves `..` where it can be; a leading one only says "somewhere above" and is dropped. */
function cleanSegments(parts: readonly string[]): string[] {
  const segments: string[] = [];
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part === '..') segments.pop();
    else if (segments.length > 0 || !bundleLayer.test(part)) segments.push(part);
  }
  return segments.some((segment) => segment.includes('\0')) ? [] : segments;
}
