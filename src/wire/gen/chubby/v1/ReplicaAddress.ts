// Original file: proto/chubby/v1/chubby.proto


export interface ReplicaAddressFields {
  'id'?: (number);
  'address'?: (string);
}

export interface ReplicaAddress {
  'id': (number);
  'address': (string);
}
