#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Plain JavaScript on purpose: an old Node cannot even load the TypeScript behind it, and shall say so clearly.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 2)) {
  process.stderr.write(
    `node-too-old: Interval needs Node 24.2 or newer; this is ${process.version}. ` +
      'Inside the project, "npm start" and "npm run interval" bring their own.\n',
  );
  process.exit(1);
}
const { main } = await import('../src/cli.ts');
process.exitCode = await main(process.argv.slice(2));
