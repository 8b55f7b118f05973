/** Id of the actor of entries about what the server does by itself, such as creating the first administrator. */
export const SERVER_ACTOR_ID = 'server';

/** Id of the actor of entries about what is done on the command line. */
export const COMMAND_LINE_ACTOR_ID = 'command-line';
