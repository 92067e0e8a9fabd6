/**
 * A browser writes what stands in forms into files of its own, to fill them in again and to restore a session: readable, beside a
 * store that seals everything. So no form and no field of ours lets it (tests/e2e/canary.spec.ts reads the files).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const components = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.svelte') && !file.startsWith(join('routes', 'dev')))
  .map((file) => ({ file, text: readFileSync(join('src', file), 'utf8') }));

/** Tags of a sort with their attributes; a `>` inside braces is not their end. */
const tagsIn = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}\\s((?:\\{(?:[^{}]|\\{[^{}]*\\})*\\}|[^>{])*)>`, 'g'))].map(
    ([, attributes = '']) => attributes,
  );

/** Fields that hold no words of a person: choices, files, days, and the address that a password manager shall name. */
const isWordless = (attributes: string): boolean =>
  /type="(checkbox|radio|file|date|month|range)"/.test(attributes) ||
  (attributes.includes('autocomplete="username"') && attributes.includes('readonly'));

test('no form is remembered by the browser', () => {
  const forms = components.flatMap(({ file, text }) => tagsIn(text, 'form').map((form) => ({ file, form })));
  expect(forms.length).toBeGreaterThan(10);
  expect(forms.filter(({ form }) => !/autocomplete="off"/.test(form))).toEqual([]);
});

test('no field is remembered by the browser', () => {
  const fields = components.flatMap(({ file, text }) =>
    ['input', 'textarea'].flatMap((name) => tagsIn(text, name).map((field) => ({ file, field }))),
  );
  expect(fields.length).toBeGreaterThan(8);
  const open = fields.filter(({ field }) => !isWordless(field) && !/autocomplete="off"/.test(field));
  expect(open).toEqual([]);
});
