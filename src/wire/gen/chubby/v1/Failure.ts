// Original file: proto/chubby/v1/chubby.proto


/**
 * An error of one request inside a stream: what a unary call says by its status.
 */
export interface FailureFields {
  /**
   * The gRPC status code.
   */
  'code'?: (number);
  /**
   * From the table of reasons, as in google.rpc.ErrorInfo.
   */
  'reason'?: (string);
  /**
   * One sentence for people.
   */
  'message'?: (string);
  /**
   * What to do about it, how long to wait (`retry-after-ms`), where the master is (`chubby-master`).
   */
  'metadata'?: ({[key: string]: string});
}

/**
 * An error of one request inside a stream: what a unary call says by its status.
 */
export interface Failure {
  /**
   * The gRPC status code.
   */
  'code': (number);
  /**
   * From the table of reasons, as in google.rpc.ErrorInfo.
   */
  'reason': (string);
  /**
   * One sentence for people.
   */
  'message': (string);
  /**
   * What to do about it, how long to wait (`retry-after-ms`), where the master is (`chubby-master`).
   */
  'metadata': ({[key: string]: string});
}
