// Receiver of OTLP that discards everything. GET returns the number of requests so far.
import { createServer } from 'node:http';

let exports = 0;
createServer((request, response) => {
  request.resume().once('end', () => {
    exports += Number(request.method === 'POST');
    response.end(request.method === 'POST' ? undefined : String(exports));
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
