// Original file: proto/chubby/v1/chubby.proto


export interface BackupRequestFields {
}

export interface BackupRequest {
}
