/** Whether the process is alive, or ready to serve. */
export class HealthDto {
  /** `ok`, or `unavailable` with a reason. */
  status: 'ok' | 'unavailable';

  /** Why it is not ready. */
  reason?: string;

  /** What somebody should look at although it serves, a sentence or two each; absent if there is nothing. */
  remarks?: string[];
}
