/**
 * Compiles the mining kernels (AssemblyScript, src/client/mining/assembly) to src/client/mining/kernels/generated/*.wasm.
 * Skipped when nothing they depend on has changed. Run by hand: node src/launch/build-kernels.mjs
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readStamp, stampOf, writeStamp } from './stamp.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = 'src/client/mining/assembly';
const TARGET = 'src/client/mining/kernels/generated';
const STAMP = `${root}${TARGET}/stamp`;
const kernels = { simd: ['--enable', 'simd'], scalar: [] };

const compile = async (asc, name, features) => {
  const made = {};
  const { error, stderr } = await asc.main(
    [
      `${SOURCE}/${name}.ts`,
      '--outFile',
      `${name}.wasm`,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      ...features,
    ],
    {
      baseDir: root,
      writeFile: (file, contents) => {
        made[file] = contents;
      },
    },
  );
  if (error) throw new Error(`The mining kernel ${name} could not be compiled:\n${stderr}`, { cause: error });
  const target = `${root}${TARGET}/${name}.wasm`;
  writeFileSync(`${target}.${process.pid}`, made[`${name}.wasm`]);
  renameSync(`${target}.${process.pid}`, target);
};

/** Brings the compiled kernels to what their sources say. */
export const buildKernels = async () => {
  const stamp = stampOf([`${root}${SOURCE}`, `${root}package-lock.json`, fileURLToPath(import.meta.url)]);
  const isThere = Object.keys(kernels).every((name) => existsSync(`${root}${TARGET}/${name}.wasm`));
  if (isThere && readStamp(STAMP) === stamp) return;
  const asc = await import('assemblyscript/asc');
  mkdirSync(`${root}${TARGET}`, { recursive: true });
  for (const [name, features] of Object.entries(kernels)) await compile(asc, name, features);
  writeStamp(STAMP, stamp);
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
