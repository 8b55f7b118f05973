import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatDialog } from '@angular/material/dialog';
import { of } from 'rxjs';
import { BulkChange } from './bulk-change';

const ACTION = { action: 'delete' };
const TARGET = { ids: ['anna'] };

let http: HttpTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      { provide: MatDialog, useValue: { open: () => ({ afterClosed: () => of(true) }) } },
    ],
  });
  http = TestBed.inject(HttpTestingController);
});

describe('BulkChange', () => {
  it.each([
    [false, {}],
    [true, { keepDescendants: true }],
  ])('sends the option of the confirmation when its box is %s', async (isChecked, sent) => {
    const option = { label: 'Keep', member: 'keepDescendants', isChecked: signal(isChecked) };
    const question = { heading: 'Delete?', consequences: [], action: 'Delete', option };

    const result = TestBed.inject(BulkChange).run('/users/bulk', ACTION, TARGET, () => question);
    http
      .expectOne(({ body }) => (body as { dryRun?: boolean }).dryRun === true)
      .flush({ count: 1, sample: [] });
    await new Promise((resolve) => setTimeout(resolve));
    const request = http.expectOne('/users/bulk');
    request.flush({ count: 1, results: [] });

    expect(request.request.body).toEqual({ ...ACTION, ...TARGET, ...sent });
    await expect(result).resolves.toEqual({ count: 1, results: [] });
  });
});
