/** The house's measures that no linter holds: length of files, width of folders, where kind numbers stand. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const MAX_LINES = 300;
const MAX_WIDTH = 15;
const generated = ['src/messages/paraglide', 'src/messages/project.inlang'];

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative('.', join(entry.parentPath, entry.name)))
    .filter((file) => !generated.some((place) => file.startsWith(place)));

const all = filesUnder('src');
const isCode = (file: string): boolean => /\.(ts|svelte)$/.test(file) && !/\.d\.ts$/.test(file);
const isTest = (file: string): boolean => /\.(test|bench|spec)\.ts$/.test(file);
const source = all.filter((file) => isCode(file) && !isTest(file));
const textOf = (file: string): string => readFileSync(file, 'utf8');
const countLines = (file: string): number =>
  textOf(file)
    .split('\n')
    .filter((line) => line.trim() !== '').length;

/** Text without comments, so that a comment may name a number or a word. */
const codeOf = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

test('there is a house to measure', () => {
  expect(source.length).toBeGreaterThan(20);
});

test(`no source file has more than ${MAX_LINES} lines`, () => {
  const long = [...source, ...all.filter((file) => /\.(mjs|css)$/.test(file))]
    .map((file) => ({ file, lines: countLines(file) }))
    .filter(({ lines }) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

test(`no folder holds more than ${MAX_WIDTH} source files`, () => {
  const widths = new Map<string, number>();
  for (const file of source) widths.set(dirname(file), (widths.get(dirname(file)) ?? 0) + 1);
  const wide = [...widths].filter(([, width]) => width > MAX_WIDTH);
  expect(wide).toEqual([]);
});

const kindLiteral = [
  /\bkinds?\s*(?:===?|!==?|[<>]=?|:|=)\s*\[?\s*['"]?\d/,
  /\bkinds\.includes\(\s*\d/,
  /\bcase\s+(?:9|10|20|21|22|24|27|30|39)\d{3}\b/,
  /\[\s*['"]k['"]\s*,\s*['"]\d/,
];
const kindUses = (text: string): string[] =>
  codeOf(text)
    .split('\n')
    .filter((line) => kindLiteral.some((pattern) => pattern.test(line)))
    .map((line) => line.trim());

test('the eye for kind numbers sees', () => {
  const seen = [
    'event.kind === 9007',
    'kinds: [1, 7]',
    'kind: 39000,',
    'case 10002:',
    "['k', '1']",
    'kind >= 9000',
  ];
  for (const line of seen) expect(kindUses(line)).toHaveLength(1);
  const innocent = [
    'kinds: [kinds.NOTE]',
    'kind: kinds.NOTE',
    '// kind: 9007',
    'case 404:',
    "kind: 'place'",
    'kind: number',
  ];
  for (const line of innocent) expect(kindUses(line)).toEqual([]);
});

test('a kind number stands in protocol/kinds.ts and nowhere else', () => {
  const strays = source
    .filter((file) => file !== join('src', 'protocol', 'kinds.ts'))
    .flatMap((file) => kindUses(textOf(file)).map((line) => `${file}: ${line}`));
  expect(strays).toEqual([]);
});

test('no `any` stands in for a type', () => {
  const loose = source.flatMap((file) => {
    const hits = codeOf(textOf(file)).match(/(?::\s*|\bas\s+|<)any\b(?!['"`\w-])/g) ?? [];
    return hits.map((hit) => `${file}: ${hit}`);
  });
  expect(loose).toEqual([]);
});

test('no file is named for what it is not about', () => {
  const vague = all.filter((file) =>
    /(^|\/)(utils?|helpers?|common|misc|manager)\.(svelte\.)?(ts|svelte|mjs)$/.test(file),
  );
  expect(vague).toEqual([]);
});

test('barrels are a feature’s door and nothing else', () => {
  const doors = source.filter((file) => /(^|\/)index\.ts$/.test(file));
  const strays = doors.filter(
    (file) => !/^src\/features\/[^/]+\/index\.ts$/.test(file) && file !== 'src/service-worker/index.ts',
  );
  expect(strays).toEqual([]);
});

test('no module is mocked', () => {
  const mocked = [...all, ...filesUnder('tests')].filter(
    (file) => /\.ts$/.test(file) && /\bvi\.(do)?[mM]ock\(/.test(codeOf(textOf(file))),
  );
  expect(mocked).toEqual([]);
});

test('colours, sizes and sides come from tokens and logical properties', () => {
  const styled = all.filter((file) => file.endsWith('.svelte'));
  const physical =
    /(?:^|[\s;{])(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?:^|[\s;{])(?:left|right|top|bottom)\s*:/;
  const strays = styled.flatMap((file) => {
    const style = /<style[^>]*>([\s\S]*?)<\/style>/.exec(textOf(file))?.[1] ?? '';
    return style
      .replace(/^.*\/\*[^*]+\*\/\s*$/gm, '') // a line that says why it must be physical may be
      .split('\n')
      .filter((line) => physical.test(line) || /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i.test(line))
      .map((line) => `${file}: ${line.trim()}`);
  });
  expect(strays).toEqual([]);
});
