import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { jest } from '@jest/globals';
import type { PasskeyCredentialDto } from '@latchkey/auth-models';
import { PasskeyButton } from './passkey-button';

const PASSKEY = { id: 'a', rawId: 'a', type: 'public-key' } as PasskeyCredentialDto;
const parse = (options: object) => options;

const get = jest.fn<() => Promise<object>>();
const send = jest.fn<(passkey: PasskeyCredentialDto) => Promise<void>>();
let fixture: ComponentFixture<PasskeyButton>;
let http: HttpTestingController;

/** Provides what jsdom lacks. */
function define(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, configurable: true });
}

function create(): void {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
  http = TestBed.inject(HttpTestingController);
  fixture = TestBed.createComponent(PasskeyButton);
  fixture.componentRef.setInput('label', 'Use a passkey');
  fixture.componentRef.setInput('send', send);
  fixture.detectChanges();
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

async function press(): Promise<void> {
  const loader = TestbedHarnessEnvironment.loader(fixture);
  await (await loader.getHarness(MatButtonHarness)).click();
}

async function respond(body: object | null = { challenge: 'c' }, status = 200): Promise<string> {
  http.expectOne('/auth/login/passkey/options').flush(body, { status, statusText: 'Status' });
  await settle();
  await fixture.whenStable();
  const element = fixture.nativeElement as HTMLElement;
  return element.querySelector('[role=alert]')?.textContent?.trim() ?? '';
}

beforeEach(() => {
  define(window, 'PublicKeyCredential', { parseRequestOptionsFromJSON: parse });
  define(navigator, 'credentials', { get });
  get.mockReset().mockResolvedValue({ toJSON: () => PASSKEY });
  send.mockReset().mockResolvedValue();
});

afterEach(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));

describe('PasskeyButton', () => {
  it('sends the passkey that the browser returns for the options', async () => {
    create();
    await press();

    expect(await respond()).toBe('');
    expect(get.mock.calls).toEqual([[{ publicKey: { challenge: 'c' } }]]);
    expect(send.mock.calls).toEqual([[PASSKEY]]);
  });

  it('is absent in a browser without passkeys', () => {
    Reflect.deleteProperty(window, 'PublicKeyCredential');
    create();

    expect((fixture.nativeElement as HTMLElement).querySelector('button')).toBeNull();
  });

  it('says that the user has used no passkey', async () => {
    get.mockRejectedValue(new DOMException('Cancelled.', 'NotAllowedError'));
    create();
    await press();

    expect(await respond()).toBe('No passkey was used.');
    expect(send).not.toHaveBeenCalled();
  });

  it('says that the server supports no passkeys', async () => {
    create();
    await press();

    expect(await respond({ code: 'conflict', detail: 'No.', status: 409 }, 409)).toBe(
      'Passkeys are not set up on this server.',
    );
    expect(get).not.toHaveBeenCalled();
  });
});
