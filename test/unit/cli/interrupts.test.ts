import { expect, it, onTestFinished } from 'vitest';
import { Interrupts } from '../../../src/cli/lock/interrupts.js';

it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s is taken, and told, before it can end this process',
  (name) => {
    const told: string[] = [];
    const before = process.listenerCount(name);
    const interrupts = new Interrupts((signal) => told.push(signal));
    onTestFinished(() => interrupts.end());
    process.emit(name, name);
    expect(interrupts.signal.aborted).toBe(true);
    expect([interrupts.received, ...told]).toEqual([name, name]);
    interrupts.end();
    expect(process.listenerCount(name)).toBe(before);
  },
);
