// Original file: proto/chubby/peer/v1/peer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { FrameFields as _chubby_peer_v1_FrameFields, Frame as _chubby_peer_v1_Frame } from '../../../chubby/peer/v1/Frame.js';

export interface PeerClient extends grpc.Client {
  /**
   * Frames from the caller to the callee. Nothing but the end of the stream comes back: each replica dials each other.
   */
  Exchange(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_peer_v1_FrameFields, _chubby_peer_v1_Frame>;
  Exchange(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_peer_v1_FrameFields, _chubby_peer_v1_Frame>;
  /**
   * Frames from the caller to the callee. Nothing but the end of the stream comes back: each replica dials each other.
   */
  exchange(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_peer_v1_FrameFields, _chubby_peer_v1_Frame>;
  exchange(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_peer_v1_FrameFields, _chubby_peer_v1_Frame>;
  
}

export interface PeerHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Frames from the caller to the callee. Nothing but the end of the stream comes back: each replica dials each other.
   */
  Exchange: grpc.handleBidiStreamingCall<_chubby_peer_v1_Frame, _chubby_peer_v1_FrameFields>;
  
}

export interface PeerDefinition extends grpc.ServiceDefinition {
  Exchange: MethodDefinition<_chubby_peer_v1_FrameFields, _chubby_peer_v1_FrameFields, _chubby_peer_v1_Frame, _chubby_peer_v1_Frame>
}
