import { createRequire } from 'node:module';

const swaggerUiFolder = createRequire(import.meta.url)('swagger-ui-dist/absolute-path.js') as () => string;

/**
 * Folder of the files of Swagger UI. The bundle replaces this module, because it has its own copy of the
 * files.
 */
export const API_PAGE_FOLDER = swaggerUiFolder();
