import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { parseAddress } from '../rpc/address.js';
import { listening } from './address-refused.js';
import type { Verdict } from './health.js';

/** What admin HTTP shows; each is asked anew for each request. */
export interface AdminPages {
  readonly health: () => Verdict;
  readonly ready: () => Verdict;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Whoever asks is a probe or a scraper: few, short and quick. */
const LIMITS = { connections: 64, headerBytes: 8 * 1024, requestMs: 5_000, idleMs: 15_000 };

const PLAIN = 'text/plain; charset=utf-8';

/** /healthz, /readyz and /metrics of one replica over plain HTTP. (DESIGN 8) */
export class AdminHttp {
  readonly #pages: AdminPages;
  readonly #server: Server;

  private constructor(pages: AdminPages) {
    this.#pages = pages;
    this.#server = createServer(
      {
        maxHeaderSize: LIMITS.headerBytes,
        requestTimeout: LIMITS.requestMs,
        headersTimeout: LIMITS.requestMs,
        keepAliveTimeout: LIMITS.idleMs,
      },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.maxConnections = LIMITS.connections;
  }

  /** @throws AddressRefused */
  static async start(address: string, pages: AdminPages): Promise<AdminHttp> {
    const http = new AdminHttp(pages);
    await listening('admin HTTP', address, () => {
      http.#server.listen(parseAddress(address));
      return once(http.#server, 'listening');
    });
    return http;
  }

  /** Ends what is open and gives the port back. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, contentType, text } = await this.#answer(request);
    const body = Buffer.from(text, 'utf8');
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': body.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 405 && { allow: 'GET, HEAD' }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET and HEAD');
    const path = request.url?.split('?')[0];
    if (path === '/healthz') return verdict(this.#pages.health());
    if (path === '/readyz') return verdict(this.#pages.ready());
    if (path === '/metrics') return { status: 200, ...(await this.#pages.metrics()) };
    return plain(404, 'there are /healthz, /readyz and /metrics');
  }
}

const plain = (status: number, line: string): Answer => ({ status, contentType: PLAIN, text: `${line}\n` });

const verdict = ({ ok, reason }: Verdict): Answer => plain(ok ? 200 : 503, `${ok ? 'ok' : 'not ok'}: ${reason}`);
