// Not named `.dto.ts`: the OpenAPI plugin reads those, and cannot say what `T` is. `ApiBulk` documents dry runs.

/** What a bulk request would be about, if it were no dry run. */
export class BulkDryRunResultDto<T> {
  /** Number of distinct items in the request that exist and that the caller may see, whether or not they would change. */
  count: number;

  /** The first few of them, as the list shows them to the caller: none that they may not see. */
  sample: T[];

  /**
   * How many live tokens would stop working with a change of users: with `disable` those of whoever is enabled. Absent where
   * the action ends none, and for whoever may not see users.
   */
  tokenCount?: number;

  /**
   * Number of live tokens of other users that were created or rotated with tokens of these users. `delete` revokes them unless
   * `keepDescendants` is true. Absent with other actions, and for callers without `users:read`.
   */
  descendantCount?: number;
}
