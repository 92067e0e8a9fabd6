/**
 * The house's floors (docs/architecture.md): everything imports downward only; no circles of files or of folders.
 * tests/architecture/floors.test.ts plants a violation of each rule and sees it caught.
 */
const floors = [
  ['shared'],
  ['protocol', 'messages'],
  ['client'],
  ['ui'],
  ['features'],
  ['app'],
  ['routes', 'workers', 'service-worker'],
];
const upward = floors.slice(0, -1).map((names, level) => ({
  name: `floor-${level}-imports-downward`,
  comment: `${names.join(', ')} may import only from the floors beneath. Move the shared thing down, or hand it in.`,
  severity: 'error',
  from: { path: `^src/(${names.join('|')})/` },
  to: { path: `^src/(${[...floors.slice(level + 1).flat(), 'server'].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'ui-knows-no-nostr',
      comment: 'The design system is about pixels and hands; pass it texts and values.',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/(protocol|client)/' },
    },
    {
      name: 'server-imports-shared-and-protocol',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: '^src/(client|ui|features|app|routes|workers|service-worker|messages)/' },
    },
    {
      name: 'nobody-imports-server',
      severity: 'error',
      from: { path: '^src/(?!server/)' },
      to: { path: '^src/server/' },
    },
    {
      name: 'features-do-not-meet',
      comment: 'A feature never imports another: app and routes compose them.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'features-have-a-door',
      comment:
        'From above, a feature is entered by index.ts (UI), projection.ts (store worker) or worker.ts (its own worker).',
      severity: 'error',
      from: { path: '^src/(app|routes|workers|service-worker)/' },
      to: { path: '^src/features/[^/]+/', pathNot: '^src/features/[^/]+/(index|projection|worker)\\.ts$' },
    },
    {
      name: 'only-the-store-touches-dexie',
      severity: 'error',
      from: { path: '^src/(?!client/store/)' },
      to: { path: 'node_modules/(dexie|fake-indexeddb)/', dependencyTypesNot: ['npm-dev'] },
    },
    {
      name: 'fakes-only-in-dev-pages',
      comment:
        'The fakes in tests/ fill the pages under /dev, which no build ships; nothing else in src knows them.',
      severity: 'error',
      from: { path: '^src/(?!routes/dev/)' },
      to: { path: '^tests/' },
    },
    { name: 'no-circles-of-files', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'no-circles-of-folders',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'src/messages/paraglide'] },
    exclude: { path: ['\\.test\\.ts$', '\\.svelte-kit'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'svelte', 'default'] },
  },
};
