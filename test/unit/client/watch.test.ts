import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import type { WatchItem, WatchOptions } from '../../../src/client/watch.js';
import { refusal } from '../../../src/wire/errors.js';
import type { Event, EventKind, PipeCall, PipeReply } from '../../../src/wire/types.js';
import { failed, FakeCell, LEASE_MS, success } from './fake-cell.js';

const GRACE_MS = 45_000;

/** A cell with nodes that come and go, and tells whoever has them open. */
class LivingCell extends FakeCell {
  readonly nodes = new Set(['/ls/local']);
  /** Open handles of the session by id. */
  readonly open = new Map<number, { name: string; events: readonly EventKind[] }>();
  #revision = 100;

  override answer = (call: PipeCall): PipeReply | undefined => {
    if (call.close) {
      const id = Number(String(call.close.handle).split(' ')[1]);
      this.open.delete(id);
    }
    if (!call.open) return success(call);
    const { name, events } = call.open;
    if (!this.nodes.has(name)) return failed(call, refusal('NOT_FOUND', `no ${name}`));
    this.open.set(call.number, { name, events });
    return success(call);
  };

  async tell(name: string, kind: EventKind, about = name): Promise<void> {
    const events: Event[] = [];
    for (const [handleId, handle] of this.open) {
      if (handle.name !== name || !handle.events.includes(kind)) continue;
      events.push({ event: 'node', node: { handleId, kind, name: about, revision: ++this.#revision } });
    }
    if (events.length > 0) this.answerKeepAlive({ events });
    await this.clock.settle();
  }

  async create(name: string): Promise<void> {
    this.nodes.add(name);
    await this.tell(name.slice(0, name.lastIndexOf('/')), 'EVENT_KIND_CHILD_ADDED', name);
  }

  async delete(name: string): Promise<void> {
    this.nodes.delete(name);
    await this.tell(name, 'EVENT_KIND_HANDLE_INVALID');
    for (const [id, handle] of this.open) if (handle.name === name) this.open.delete(id);
  }
}

interface Seen {
  readonly items: string[];
  end: string;
}

function follow(client: Client, name: string, options: WatchOptions = {}): Seen {
  const seen: Seen = { items: [], end: 'open' };
  const run = async (): Promise<void> => {
    for await (const item of client.watch(name, options)) seen.items.push(textOf(item));
  };
  run().then(
    () => (seen.end = 'done'),
    (error: { reason: string }) => (seen.end = error.reason),
  );
  return seen;
}

const textOf = (item: WatchItem): string =>
  item.kind === 'reread' ? `reread ${item.exists ? 'there' : 'absent'}` : `${item.kind} ${item.name}`;

describe('watch', () => {
  it('asks to read at the beginning, and tells what changes after that', async () => {
    const cell = new LivingCell();
    cell.nodes.add('/ls/local/a');
    const seen = follow(cell.client(), '/ls/local/a', { recursive: true, events: ['lockAcquired'] });
    await cell.clock.settle();
    expect(cell.calls[0]!.open).toMatchObject({ recursive: true });
    expect(cell.calls[0]!.open!.events).toContain('EVENT_KIND_LOCK_ACQUIRED');
    await cell.tell('/ls/local/a', 'EVENT_KIND_CONTENTS_MODIFIED');
    await cell.tell('/ls/local/a', 'EVENT_KIND_CHILD_ADDED', '/ls/local/a/b/c');
    expect(seen).toEqual({
      items: ['reread there', 'contentsModified /ls/local/a', 'childAdded /ls/local/a/b/c'],
      end: 'open',
    });
  });

  it('goes on through deletion and re-creation, and leaves nothing open that it does not need', async () => {
    const cell = new LivingCell();
    cell.nodes.add('/ls/local/a');
    const seen = follow(cell.client(), '/ls/local/a');
    await cell.clock.settle();
    await cell.delete('/ls/local/a');
    await cell.create('/ls/local/other');
    await cell.create('/ls/local/a');
    await cell.tell('/ls/local/a', 'EVENT_KIND_CONTENTS_MODIFIED');
    expect(seen.items).toEqual(['reread there', 'reread absent', 'reread there', 'contentsModified /ls/local/a']);
    expect([...cell.open.values()].map(({ name }) => name)).toEqual(['/ls/local/a']);
  });

  it('waits for a name whose directories do not exist either', async () => {
    const cell = new LivingCell();
    const seen = follow(cell.client(), '/ls/local/a/b/c');
    await cell.clock.settle();
    expect(seen.items).toEqual(['reread absent']);
    await cell.create('/ls/local/a');
    await cell.create('/ls/local/a/b');
    await cell.delete('/ls/local/a/b');
    await cell.create('/ls/local/a/b');
    expect(seen.items).toEqual(['reread absent']);
    await cell.create('/ls/local/a/b/c');
    expect(seen.items).toEqual(['reread absent', 'reread there']);
    expect(cell.open.size).toBe(1);
  });

  it('sees what came into being while it looked for the directory', async () => {
    const cell = new LivingCell();
    const answer = cell.answer;
    cell.answer = (call) => {
      const reply = answer(call);
      // Between the answer about the node and the subscription above it.
      if (call.open?.name === '/ls/local/a') cell.nodes.add('/ls/local/a');
      return reply;
    };
    const seen = follow(cell.client(), '/ls/local/a');
    await cell.clock.settle();
    expect(seen.items).toEqual(['reread there']);
  });

  it('asks to read again when events were lost', async () => {
    const cell = new LivingCell();
    cell.nodes.add('/ls/local/a');
    const seen = follow(cell.client(), '/ls/local/a');
    await cell.clock.settle();
    cell.answerKeepAlive({ events: [{ event: 'eventsLost', eventsLost: { upToRevision: 7 } }] });
    await cell.clock.settle();
    expect(seen.items).toEqual(['reread there', 'reread there']);
  });

  it('goes on in another session when its own expires, and so do reads by name, but nothing else', async () => {
    const cell = new LivingCell();
    cell.nodes.add('/ls/local/a');
    const client = cell.client();
    const seen = follow(client, '/ls/local/a');
    await cell.clock.settle();
    cell.kill('a:1');
    await cell.clock.advance(LEASE_MS + GRACE_MS);
    expect(client.sessionState).toBe('expired');
    expect(seen.end).toBe('open');
    cell.open.clear();
    cell.down.delete('a:1');
    cell.master = 'a:1';
    await cell.clock.advance(2_000);
    await cell.tell('/ls/local/a', 'EVENT_KIND_CONTENTS_MODIFIED');
    expect(seen.items).toEqual(['reread there', 'reread there', 'contentsModified /ls/local/a']);
    expect(String((await client.read('/ls/local/a')).contents)).toBe('hello');
    await expect(client.write('/ls/local/a', 'x')).rejects.toMatchObject({ reason: 'SESSION_EXPIRED' });
    expect(client.sessionState).toBe('expired');
    await client.close();
    await cell.clock.settle();
    expect(seen.end).toBe('CLIENT_CLOSED');
    expect(cell.unary.at(-1)!.name).toBe('closeSession');
    expect(cell.clock.timers).toBe(0);
  });

  it('goes on in another session when its own expired while its reader was busy', async () => {
    const cell = new LivingCell();
    cell.nodes.add('/ls/local/a');
    const items = cell.client().watch('/ls/local/a');
    expect(textOf((await items.next()).value)).toBe('reread there');
    cell.kill('a:1');
    await cell.clock.advance(LEASE_MS + GRACE_MS);
    cell.open.clear();
    cell.down.delete('a:1');
    cell.master = 'a:1';
    const next = items.next();
    await cell.clock.advance(2_000);
    expect(cell.open.size).toBe(1);
    expect(textOf((await next).value)).toBe('reread there');
  });

  it('ends when its signal fires, and gives its handle back', async () => {
    const cell = new LivingCell();
    cell.nodes.add('/ls/local/a');
    const stop = new AbortController();
    const seen = follow(cell.client(), '/ls/local/a', { signal: stop.signal });
    await cell.clock.settle();
    stop.abort();
    await cell.clock.settle();
    expect(seen.end).toBe('CANCELLED');
    expect(cell.open.size).toBe(0);
  });

  it('gives its handle back when its reader leaves', async () => {
    const cell = new LivingCell();
    cell.nodes.add('/ls/local/a');
    for await (const item of cell.client().watch('/ls/local/a')) {
      expect(item.kind).toBe('reread');
      break;
    }
    await cell.clock.settle();
    expect(cell.open.size).toBe(0);
  });

  it('ends with a refusal that waiting does not mend', async () => {
    const cell = new FakeCell();
    cell.answer = (call) => failed(call, refusal('ACCESS_DENIED', 'not you'));
    const seen = follow(cell.client(), '/ls/local/a');
    await cell.clock.settle();
    expect(seen.end).toBe('ACCESS_DENIED');
  });
});
