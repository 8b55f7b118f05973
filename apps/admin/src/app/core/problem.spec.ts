import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { problemOf, problemText } from './problem';
import { DE } from './texts/de';
import { EN } from './texts/en';

function failure(status: number, error: unknown, headers: Record<string, string> = {}): HttpErrorResponse {
  return new HttpErrorResponse({ status, error, headers: new HttpHeaders(headers) });
}

const details = { type: 'about:blank', title: 'Title', detail: 'A sentence.', traceId: 'trace-1' };

describe('problemOf', () => {
  it('keeps detail, code and field errors of problem details', () => {
    const errors = [{ pointer: '/name', code: 'isUserName', message: 'No.' }];

    const problem = problemOf(failure(422, { ...details, status: 422, code: 'validation_failed', errors }));

    expect(problem).toMatchObject({ status: 422, code: 'validation_failed', detail: 'A sentence.', errors });
  });

  it('tells the trace id of an unexpected error', () => {
    expect(problemOf(failure(500, { ...details, status: 500, code: 'internal_error' })).traceId).toBe(
      'trace-1',
    );
  });

  it('hides the trace id of an expected one', () => {
    expect(problemOf(failure(409, { ...details, status: 409, code: 'name_taken' })).traceId).toBeNull();
  });

  it('reads how long to wait', () => {
    const problem = problemOf(
      failure(429, { ...details, status: 429, code: 'throttled' }, { 'Retry-After': '90' }),
    );

    expect(problem.retryAfterSeconds).toBe(90);
  });

  it("never shows a proxy's page", () => {
    const problem = problemOf(failure(502, '<html>Bad gateway</html>'));

    expect(problemText(problem, EN)).not.toContain('html');
    expect(problem).toMatchObject({ status: 502, code: null });
  });

  it('says so when there was no answer', () => {
    expect(problemText(problemOf(failure(0, new ProgressEvent('error'))), EN)).toContain('cannot be reached');
  });

  it('says so when the console itself failed', () => {
    expect(problemText(problemOf(new TypeError('x is undefined')), EN)).toContain('in the console');
  });

  it('speaks German where the server only speaks English', () => {
    const problem = problemOf(failure(409, { ...details, status: 409, code: 'name_taken' }));

    expect(problemText(problem, EN)).toBe('A sentence.');
    expect(problemText(problem, DE)).toBe('Dieser Name ist vergeben oder einem vorhandenen zu ähnlich.');
  });
});
