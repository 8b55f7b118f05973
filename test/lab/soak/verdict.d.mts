/** Measurements of a server after some minutes, and the number of login attempts until then. */
export interface Sample {
  minute: number;
  memoryMib: number;
  descriptors: number;
  walMib: number;
  sessions: number;
  logIns: number;
}

/** The result for one goal. */
export interface Verdict {
  metric: string;
  result: number | string;
  goal: number | string;
  isMet: boolean;
}

/** Lifetime of sessions during the run. */
export const SESSION_SECONDS: number;

/** Compares the samples with the goals. Growth counts from `warmMinute` on. */
export function judge(samples: Sample[], warmMinute: number, unexpected: number): Verdict[];
