import { ChangeDetectionStrategy, Component } from '@angular/core';
import { injectTexts } from '../../core/language';
import { Logo } from './logo';

/** The house front of the pages that come before signing in: the brand on one side, the page on the other. */
@Component({
  selector: 'app-sign-in-layout',
  imports: [Logo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sign-in-layout.html',
  styleUrl: './sign-in-layout.scss',
})
export class SignInLayout {
  protected readonly t = injectTexts();
}
