/** Opens and makes sealed letters: curve arithmetic that no page should wait for. */
import { expose } from 'comlink';
import { serveDesk } from '#client/direct/desk/serve.ts';

expose(serveDesk());
