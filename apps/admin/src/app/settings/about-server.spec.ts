import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { AboutServer } from './about-server';

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

const version = (): void => http.expectOne('/openapi.json').flush({ info: { version: '3.2.1' } });

describe('AboutServer', () => {
  it('tells the version and that the server is ready', async () => {
    const text = await textAfter(() => {
      version();
      http.expectOne('/health/ready').flush({ status: 'ok' });
    });

    expect(text).toContain('3.2.1');
    expect(text).toContain('Ready to serve');
  });

  it('tells why a server is not ready', async () => {
    const text = await textAfter(() => {
      version();
      http
        .expectOne('/health/ready')
        .flush(
          { status: 'unavailable', reason: 'The database does not answer.' },
          { status: 503, statusText: 'Service Unavailable' },
        );
    });

    expect(text).toContain('Not ready');
    expect(text).toContain('The database does not answer.');
  });

  it('tells that there was no answer', async () => {
    const text = await textAfter(() => {
      version();
      http.expectOne('/health/ready').error(new ProgressEvent('error'));
    });

    expect(text).toContain('The server cannot be reached.');
  });
});
