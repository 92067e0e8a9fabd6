/** SQLite in WebAssembly over OPFS (the SAH pool, its fastest): plain events, tags, full text; one transaction a batch. */
import init from '@sqlite.org/sqlite-wasm';
import { REACTION } from '#protocol/kinds.ts';
import { Course, expose } from './contestant.ts';
import type { Contestant } from './contestant.ts';
import type { Delivery } from './town.ts';

const FILE = '/bench.db';

/** One connection with its lock for good: then the write-ahead log needs no shared memory. */
const TUNING = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA page_size = 8192;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 2000;
`;

const TABLES = `
  CREATE TABLE events (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, pubkey BLOB NOT NULL, created_at INTEGER NOT NULL,
    kind INTEGER NOT NULL, tags TEXT NOT NULL, content TEXT NOT NULL, sig BLOB NOT NULL
  );
  CREATE INDEX by_kind ON events (kind, created_at);
  CREATE INDEX by_author ON events (pubkey, kind, created_at);
  CREATE TABLE tags (
    name TEXT, value TEXT, created_at INTEGER, event INTEGER, PRIMARY KEY (name, value, created_at, event)
  ) WITHOUT ROWID;
  CREATE VIRTUAL TABLE words USING fts5 (content, content = '', tokenize = 'unicode61');
`;

const bytesOf = (hex: string): Uint8Array => {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
};

/** Its other ways into OPFS need workers of their own; the pool is all that is raced. */
const ONLY_POOL = { disable: { vfs: { opfs: true, 'opfs-vfs': true, 'opfs-wl': true, kvvfs: true } } };

const open = async (): Promise<Contestant> => {
  Object.assign(globalThis, { sqlite3ApiConfig: ONLY_POOL });
  const sqlite = await init();
  const pool = await sqlite.installOpfsSAHPoolVfs({ clearOnInit: true, initialCapacity: 8 });
  const database = new pool.OpfsSAHPoolDb(FILE);
  database.exec(TUNING + TABLES);
  const addEvent = database.prepare(
    'INSERT OR IGNORE INTO events (id, pubkey, created_at, kind, tags, content, sig) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const addTag = database.prepare('INSERT OR IGNORE INTO tags VALUES (?, ?, ?, ?)');
  const addWords = database.prepare('INSERT INTO words (rowid, content) VALUES (?, ?)');
  const begin = database.prepare('BEGIN');
  const commit = database.prepare('COMMIT');
  let number = 0;
  const add = ({ event }: Delivery): void => {
    const { id, pubkey, created_at, kind, tags, content, sig } = event;
    addEvent
      .bind([bytesOf(id), bytesOf(pubkey), created_at, kind, JSON.stringify(tags), content, bytesOf(sig)])
      .stepReset();
    if (database.changes() === 0) return;
    number++;
    for (const [name = '', value] of tags)
      if (name.length === 1 && value !== undefined)
        addTag.bind([name, value, created_at, number]).stepReset();
    if (content !== '' && kind !== REACTION) addWords.bind([number, content]).stepReset();
  };
  return {
    take: (batch) => {
      begin.stepReset();
      batch.forEach(add);
      commit.stepReset();
      return Promise.resolve();
    },
    settle: () => Promise.resolve(void database.exec('PRAGMA wal_checkpoint(TRUNCATE)')),
    held: () => Promise.resolve(Number(database.selectValue('SELECT count(*) FROM events'))),
  };
};

expose(new Course(open()));
