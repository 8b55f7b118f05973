import {
  HttpClient,
  type HttpErrorResponse,
  provideHttpClient,
  withFetch,
  withInterceptors,
} from '@angular/common/http';
import { Component, inject, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import {
  latchkeyInterceptor,
  LatchkeySession,
  provideLatchkey,
  type SignOutReason,
} from '@latchkey/client/angular';

const signOutReason = signal<SignOutReason | null>(null);

@Component({
  selector: 'app-root',
  template: `
    @if (session.user(); as user) {
      <p>Signed in as {{ user.name }}.</p>
      <button (click)="readOrders()">Read orders</button>
      <button (click)="session.signOut()">Sign out</button>
    } @else if (session.state() === 'signed-out') {
      <p>{{ signOutReason() }}</p>
      <form (submit)="signIn(name.value, password.value); $event.preventDefault()">
        <label>Name <input #name autocomplete="username" /></label>
        <label>Password <input #password type="password" autocomplete="current-password" /></label>
        <button>Sign in</button>
      </form>
    } @else if (session.state() === 'unreachable') {
      <button (click)="session.restore()">Try again</button>
    }
    <p role="status">{{ message() }}</p>
  `,
})
class App {
  private readonly http = inject(HttpClient);
  protected readonly session = inject(LatchkeySession);
  protected readonly signOutReason = signOutReason;
  protected readonly message = signal('');

  protected async signIn(name: string, password: string) {
    try {
      await this.session.signIn(name, password, { permissions: ['orders:read'] });
      this.message.set('');
    } catch (error) {
      // Latchkey sends problem details (RFC 9457).
      const problem = (error as HttpErrorResponse).error as { detail?: string } | null;
      this.message.set(problem?.detail ?? 'Latchkey is unavailable.');
    }
  }

  protected readOrders() {
    this.http.get<unknown[]>('/orders').subscribe({
      next: (orders) => this.message.set(`${orders.length} orders`),
      error: ({ status }: HttpErrorResponse) => this.message.set(`The API returned ${status}.`),
    });
  }
}

await bootstrapApplication(App, {
  providers: [
    provideHttpClient(withFetch(), withInterceptors([latchkeyInterceptor])),
    provideLatchkey({
      url: 'http://127.0.0.1:3000',
      // The page and the API have the same origin here.
      apiOrigins: [location.origin],
      storage: sessionStorage,
      onSignOut: (reason) => signOutReason.set(reason),
    }),
  ],
});
