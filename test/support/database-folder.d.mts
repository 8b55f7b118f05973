/** Folder for databases: in memory if there is enough. */
export const DATABASES: string;
