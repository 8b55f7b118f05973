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

  it('keeps the trace id of a server error', () => {
    expect(problemOf(failure(500, { ...details, status: 500, code: 'internal_error' })).traceId).toBe(
      'trace-1',
    );
  });

  it('drops the trace id of a client error', () => {
    expect(problemOf(failure(409, { ...details, status: 409, code: 'name_taken' })).traceId).toBeNull();
  });

  it.each([
    [401, 'token_disabled', 'trace-1'],
    [403, 'insufficient_scope', 'trace-1'],
    [429, 'throttled', 'trace-1'],
    [409, 'name_taken', null],
    [403, 'step_up_required', null],
  ])('keeps the trace id of a rejection for its explanation: %d', (status, code, rejectionId) => {
    expect(problemOf(failure(status, { ...details, status, code })).rejectionId).toBe(rejectionId);
  });

  it('reads Retry-After', () => {
    const problem = problemOf(
      failure(429, { ...details, status: 429, code: 'throttled' }, { 'Retry-After': '90' }),
    );

    expect(problem.retryAfterSeconds).toBe(90);
  });

  it("does not show a proxy's page", () => {
    const problem = problemOf(failure(502, '<html>Bad gateway</html>'));

    expect(problemText(problem, EN)).not.toContain('html');
    expect(problem).toMatchObject({ status: 502, code: null });
  });

  it('reports a missing response', () => {
    expect(problemText(problemOf(failure(0, new ProgressEvent('error'))), EN)).toContain('cannot be reached');
  });

  it('reports an error of the console itself', () => {
    expect(problemText(problemOf(new TypeError('x is undefined')), EN)).toContain('in the console');
  });

  it('translates messages of the API to German', () => {
    const problem = problemOf(failure(409, { ...details, status: 409, code: 'name_taken' }));

    expect(problemText(problem, EN)).toBe('A sentence.');
    expect(problemText(problem, DE)).toBe('Dieser Name ist vergeben oder einem vorhandenen zu ähnlich.');
  });
});
