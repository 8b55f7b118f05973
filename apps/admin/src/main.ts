import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app-config';
// Small modules that most pages share. As part of the first bundle they need no request of their own.
import './app/core/texts/counting';
import './app/shared/audit-actor';
import './app/shared/focus';
import './app/shared/forms/save-edit';
import './app/shared/keep-focus';
import './app/shared/keyboard';
import './app/shared/loaded';
import './app/shared/roles/roles';
import './app/shared/time/countdown';
import './app/shared/time/time';

bootstrapApplication(App, appConfig).catch((error: unknown) => console.error(error));
