// Runs before the npm scripts: says what to do when this Node cannot run Suture.
// Plain JavaScript without imports, because an old Node must be able to read it.

const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  console.error(
    `Suture needs Node 24 or newer; this is ${process.version}.\n` +
      'Run `npm ci`: it brings Node 24 along, and the npm scripts then use it.\n' +
      'Where development dependencies are left out (`npm ci --omit=dev`), install Node 24 itself.',
  );
  process.exit(1);
}
