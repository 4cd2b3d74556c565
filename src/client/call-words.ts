import type { UnaryCalls } from '../wire/calls.js';

/** What users of the library and of the commands know each call as; the names are those of the wire. */
const WORDS: Readonly<Record<keyof UnaryCalls, string>> = {
  createSession: 'the request for a session',
  closeSession: 'the end of the session',
  open: 'the opening of the node',
  close: 'the closing of the handle',
  getContentsAndStat: 'the read',
  getStat: 'the read of the metadata',
  readDir: 'the listing',
  setContents: 'the write',
  delete: 'the deletion',
  acquire: 'the request for the lock',
  tryAcquire: 'the request for the lock',
  acquireAll: 'the request for the locks',
  release: 'the release of the lock',
  cancel: 'the withdrawal of the request',
  getSequencer: 'the request for the sequencer',
  checkSequencer: 'the check of the sequencer',
  setSequencer: 'the binding to the sequencer',
  poison: 'the poisoning of the handle',
  reattach: 'the return to the session',
  setAcl: 'the change of the access lists',
  multiOp: 'the MultiOp',
  listSessions: 'the list of the sessions',
  endSession: 'the end of the session',
  listLocks: 'the list of the locks',
  explain: 'the explanation of the lock',
  rotateKeys: 'the change of the key',
  getMaster: 'the question for the master',
  getStatus: 'the question for the status',
  listHistory: 'the question for the history',
};

const TABLE: ReadonlyMap<string, string> = new Map(Object.entries(WORDS));

/** @param what a call, or words already */
export const callInWords = (what: string): string => TABLE.get(what) ?? what;
