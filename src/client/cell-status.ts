/** What one replica says of itself; all but its address unknown where it does not answer. */
export interface ReplicaStatus {
  readonly id: number | null;
  readonly address: string;
  /** 16 hex digits. */
  readonly incarnation: string | null;
  /** `forming`, `follower`, `candidate`, `master`, or `unreachable`. */
  readonly role: string;
  readonly voter: boolean | null;
  /** The highest slot that it knows to be chosen with all below, and the highest applied. */
  readonly chosen: number | null;
  readonly applied: number | null;
  readonly pid: number | null;
  /** Why there is no answer, in words. */
  readonly failure: string | null;
}

/** The cell as all its replicas together describe it. */
export interface CellStatus {
  readonly cell: string | null;
  /** 32 hex digits. */
  readonly cellId: string | null;
  /** "round.replica" of the reign in force. */
  readonly epoch: string | null;
  readonly master: { readonly id: number; readonly address: string } | null;
  /** By id; those of unknown id last. */
  readonly replicas: readonly ReplicaStatus[];
  /** Why the cell's name was not found, in words, when that failed. */
  readonly lookUpFailure: string | null;
}
