import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import type { Backend } from './backend.js';
import { IN_PROCESS } from './in-process.js';
import { PROCESSES } from './processes.js';
import { Scene } from './scene.js';

type Case = (scene: Scene) => Promise<void>;

/** How a section writes down its cases. */
export interface Cases {
  /** @param sentence of the semantics, with where it stands: `CH 2.4: ...` */
  (sentence: string, run: Case): void;
  /**
   * A case that real processes cannot be put through.
   *
   * @param why it is not run against them
   */
  inProcessOnly(why: string, sentence: string, run: Case): void;
  /** A case that a cell in one process cannot be put through. As {@link inProcessOnly}. */
  processesOnly(why: string, sentence: string, run: Case): void;
  /** A case that the product does not pass yet: it has to fail, and says why. */
  failing(why: string, sentence: string, run: Case): void;
}

const BACKENDS = [IN_PROCESS, PROCESSES];
const START_MS = 60_000;
/** A case is played again when the cell changed its master by itself, as five processes on a busy machine do. */
const TIMES = 3;

/** One section of the semantics: its cases are run against each kind of cell, one cell of a kind for all of them. */
export function section(title: string, write: (it: Cases) => void): void {
  describe.each(BACKENDS)(`${title}, $title`, (kind) => {
    let backend: Backend;
    let count = 0;
    let witness: Client;
    beforeAll(async () => {
      backend = await kind.start();
      witness = backend.client({ cache: false });
    }, START_MS);
    afterAll(async () => {
      await backend.until(witness.close());
      await backend.stop();
    });
    const play = (run: Case) => async (): Promise<void> => {
      for (let timesLeft = TIMES; ; timesLeft--) {
        const scene = await Scene.begin(backend, witness, `case-${++count}`);
        try {
          return await run(scene);
        } catch (error) {
          if (timesLeft === 1 || !(await scene.isSpoiled())) throw error;
        } finally {
          await scene.end();
        }
      }
    };
    const it = (sentence: string, run: Case): void => void test(sentence, play(run));
    write(
      Object.assign(it, {
        inProcessOnly: (why: string, sentence: string, run: Case): void => {
          if (kind.isInProcess) test(`${sentence} [in-process only: ${why}]`, play(run));
        },
        processesOnly: (why: string, sentence: string, run: Case): void => {
          if (!kind.isInProcess) test(`${sentence} [processes only: ${why}]`, play(run));
        },
        failing: (why: string, sentence: string, run: Case): void => {
          test.fails(`${sentence} [not yet: ${why}]`, play(run));
        },
      }),
    );
  });
}
