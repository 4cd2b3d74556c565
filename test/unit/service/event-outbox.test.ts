import { describe, expect, it } from 'vitest';
import { EventBudget } from '../../../src/service/event-budget.js';
import { nodeEvent } from '../../../src/service/event-messages.js';
import { EventOutbox } from '../../../src/service/event-outbox.js';
import type { Event } from '../../../src/wire/types.js';

const BOUNDS = {
  nodeEventsPerSession: 10,
  nodeEventBytesPerSession: 10_000,
  eventsPerReply: 3,
  eventBytesPerReply: 10_000,
};

const invalidation = (number: number): Event => ({
  event: 'invalidation',
  invalidation: { number, nodes: [], listings: [] },
});

const outbox = (budget = new EventBudget(100_000)): EventOutbox => new EventOutbox(1, BOUNDS, budget);

const addNodeEvents = (to: EventOutbox, count: number): void => {
  for (let i = 1; i <= count; i++) to.addNodeEvent(nodeEvent(1, 'contentsModified', '/ls/test/f', i), i);
};

const show = ({ event, node, invalidation: told }: Event): string =>
  `${event} ${node?.revision ?? told?.number ?? ''}`.trim();

describe('the events that wait for a session', () => {
  it('go with the next reply as far as it has room, those first for which others may wait', () => {
    const box = outbox();
    addNodeEvents(box, 4);
    box.add(invalidation(1));
    box.add(invalidation(2));
    const first = box.nextReply();
    expect(first.events.map(show)).toEqual(['invalidation 1', 'invalidation 2', 'node 1']);
    box.acknowledge(first.number);
    expect(box.nextReply().events.map(show)).toEqual(['node 2', 'node 3', 'node 4']);
  });

  it('are repeated until they are acknowledged, with nothing new while there is no room', () => {
    const box = outbox();
    addNodeEvents(box, 4);
    const first = box.nextReply();
    expect(box.hasNews).toBe(false);
    expect(box.nextReply().events).toEqual(first.events);
    box.acknowledge(first.number);
    expect(box.hasNews).toBe(true);
  });

  it('are thrown away when there are too many, but for those that others wait for', () => {
    const box = outbox();
    let handled = 0;
    box.add(invalidation(1), () => handled++);
    addNodeEvents(box, 11);
    const reply = box.nextReply();
    expect(reply.events.map(show)).toEqual(['invalidation 1', 'eventsLost']);
    expect(reply.events[1]!.eventsLost).toEqual({ upToRevision: 11 });
    box.acknowledge(reply.number);
    expect(handled).toBe(1);
    expect(box.nextReply().events).toEqual([]);
  });

  it('are said to be lost once, and up to the newest, however often that happens', () => {
    const box = outbox();
    addNodeEvents(box, 11);
    box.nextReply();
    addNodeEvents(box, 11);
    box.lose(50);
    expect(box.nextReply().events.map(({ eventsLost }) => eventsLost)).toEqual([{ upToRevision: 50 }]);
  });

  it('that were lost after they were sent are not taken for acknowledged', () => {
    const box = outbox();
    addNodeEvents(box, 3);
    const { number } = box.nextReply();
    box.lose(3);
    box.acknowledge(number);
    expect(box.nextReply().events.map(show)).toEqual(['eventsLost']);
  });

  it('owe an acknowledgement from the first reply on, if somebody waits for it', () => {
    const box = outbox();
    addNodeEvents(box, 1);
    box.nextReply();
    expect(box.owesAcknowledgement).toBe(false);
    box.add(invalidation(1), () => undefined);
    expect(box.owesAcknowledgement).toBe(false);
    const { number } = box.nextReply();
    expect(box.owesAcknowledgement).toBe(true);
    box.acknowledge(number);
    expect(box.owesAcknowledgement).toBe(false);
  });
});

describe('the events of all sessions together', () => {
  it('have their bound: who acknowledged nothing for the longest time loses his', () => {
    const budget = new EventBudget(8 * 60);
    const [deaf, listening] = [outbox(budget), outbox(budget)];
    addNodeEvents(deaf, 3);
    addNodeEvents(listening, 2);
    listening.acknowledge(listening.nextReply().number);
    addNodeEvents(listening, 9);
    expect(deaf.nextReply().events.map(show)).toEqual(['eventsLost']);
    expect(listening.nextReply().events.map(show)).toEqual(['node 1', 'node 2', 'node 3']);
    expect(budget.bytes).toBeLessThanOrEqual(8 * 60);
  });

  it('take nothing once their sessions are gone', () => {
    const budget = new EventBudget(10_000);
    const box = outbox(budget);
    addNodeEvents(box, 5);
    box.clear();
    expect(budget.bytes).toBe(0);
  });
});
