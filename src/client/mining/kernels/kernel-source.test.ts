import { readFile } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { bestKernel, loadKernel, openKernel } from './kernel-source.ts';

const urls = {
  simd: 'src/client/mining/kernels/generated/simd.wasm',
  scalar: 'src/client/mining/kernels/generated/scalar.wasm',
};
const fromDisk = async (url: unknown): Promise<Response> => new Response(await readFile(String(url)));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('where SIMD is, its kernel is taken', async () => {
  expect(bestKernel()).toBe('simd');
  expect(openKernel(await loadKernel(urls, fromDisk)).name).toBe('simd');
});

test('without SIMD the scalar one, without WebAssembly the one in JavaScript', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(openKernel(await loadKernel(urls, fromDisk)).name).toBe('scalar');
  vi.stubGlobal('WebAssembly', undefined);
  expect(openKernel(await loadKernel(urls, fromDisk)).name).toBe('script');
});

test.each([
  ['a missing file', async () => new Response('', { status: 404 })],
  ['no network', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['a page in its place', async () => new Response('<!doctype html>')],
])('%s does not keep anybody from mining', async (_name, fetching) => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  expect(openKernel(await loadKernel(urls, fetching)).name).toBe('script');
  expect(warn).toHaveBeenCalledOnce();
});

test('kernels stay small: at most 10 kB each', async () => {
  for (const url of Object.values(urls)) expect((await readFile(url)).length).toBeLessThanOrEqual(10_000);
});

test('each opened kernel has memory of its own', async () => {
  const source = await loadKernel(urls, fromDisk);
  openKernel(source).reserve(1000)[900] = 7;
  expect(openKernel(source).reserve(1000)[900]).toBe(0);
});
