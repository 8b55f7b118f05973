import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Language } from '../core/language';
import { AboutServer } from './about-server';

const NOT_RECEIVING =
  'Notifications from other replicas do not arrive, so the server reads every token from the database.';

let fixture: ComponentFixture<AboutServer>;
let http: HttpTestingController;

beforeEach(async () => {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
  fixture = TestBed.createComponent(AboutServer);
  http = TestBed.inject(HttpTestingController);
  fixture.detectChanges();
  await Promise.resolve();
});

async function textAfter(answer: () => void): Promise<string> {
  answer();
  await fixture.whenStable();
  return (fixture.nativeElement as HTMLElement).textContent;
}

const version = (): void => http.expectOne('/.well-known/latchkey').flush({ version: '3.2.1' });

describe('AboutServer', () => {
  it('shows why the server is not ready', async () => {
    const text = await textAfter(() => {
      version();
      http
        .expectOne('/health/ready')
        .flush(
          { status: 'unavailable', reason: 'The database does not respond.' },
          { status: 503, statusText: 'Service Unavailable' },
        );
    });

    expect(text).toContain('Not ready');
    expect(text).toContain('The database does not respond.');
  });

  it('shows known warnings in German', async () => {
    const language = TestBed.inject(Language);
    await language.loadFeatureTexts();
    await language.select('de');
    const text = await textAfter(() => {
      version();
      http.expectOne('/health/ready').flush({ status: 'ok', remarks: [NOT_RECEIVING] });
    });

    expect(text).toContain('Benachrichtigungen anderer Server kommen nicht an');
    expect(text).not.toContain('Notifications');
  });
});
