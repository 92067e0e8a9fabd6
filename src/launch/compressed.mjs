// A built file's compressed forms, made anew after the file was changed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Renews `<file>.gz` and `<file>.br` where they are. */
export const renewCompressed = (file) => {
  const body = readFileSync(file);
  if (existsSync(`${file}.gz`)) writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
  if (existsSync(`${file}.br`))
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
};
