// Not named `.dto.ts`, because the OpenAPI plugin cannot describe `T`. `ApiBulk` documents dry runs.

/** Result of a bulk request with `dryRun`. */
export class BulkDryRunResultDto<T> {
  /**
   * Number of distinct items in the request that exist and that the caller may see, whether or not they would
   * change.
   */
  count: number;

  /** First few of these items, as lists return them to the caller. */
  sample: T[];

  /**
   * Number of live tokens that would stop working. `disable` counts those of enabled users only. Absent for
   * actions that suspend or revoke no tokens, and for callers without `users:read`.
   */
  tokenCount?: number;

  /**
   * Number of live tokens of other users that were created or rotated with tokens of these users. `delete`
   * revokes them unless `keepDescendants` is true. Absent for other actions, and for callers without
   * `users:read`.
   */
  descendantCount?: number;
}
