/** The blob of a session's recording. Kept in events and stores, so it never changes. */
export const recordingName = (session: string): string => `${session}.cast`
