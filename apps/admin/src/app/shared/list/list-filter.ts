/** One value that a filter can have. */
export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

/** A filter of a list, as a chip shows it. */
export interface ListFilter {
  /** The parameter that it sets. */
  readonly name: string;
  readonly label: string;
  /** What can be chosen; absent = any text, which is typed. */
  readonly options?: readonly FilterOption[];
  /** Whether what is typed is a date and time. */
  readonly isInstant?: boolean;
}
