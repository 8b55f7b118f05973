/** Folder for test databases: in memory if there is enough space. */
export const DATABASES: string;
