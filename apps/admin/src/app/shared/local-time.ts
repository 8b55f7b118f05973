/** An instant as a field of the type `datetime-local` has it: in local time, to the minute. */
export function localTime(instant: string): string {
  const time = new Date(instant);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
