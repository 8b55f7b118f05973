import { createRequire } from 'node:module';

const swaggerUiFolder = createRequire(import.meta.url)('swagger-ui-dist/absolute-path.js') as () => string;

/** Folder of the files of Swagger UI. */
export const PAGE_FOLDER = swaggerUiFolder();

/** The files of Swagger UI that the page uses; its folder holds others, such as a page that loads any document. */
export const PAGE_FILES: ReadonlySet<string> = new Set([
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'favicon-32x32.png',
]);

/** Its own files, and the styles that Swagger UI writes inline; scripts only from files. */
export const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Name of the script that starts Swagger UI. */
export const PAGE_SCRIPT_NAME = 'start.js';

// Without `validatorUrl: null` the page would ask a server of Swagger's to check the document.
export const PAGE_SCRIPT =
  "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n";

/** The page that shows the OpenAPI document. */
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Latchkey API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/${PAGE_SCRIPT_NAME}"></script>
  </body>
</html>
`;
