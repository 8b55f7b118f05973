-- What PostgreSQL's container does once, as its administrator, when its volume is empty: a database of which Latchkey is
-- the owner, and of nothing else.
\getenv password POSTGRES_PASSWORD
CREATE ROLE latchkey LOGIN PASSWORD :'password';
CREATE DATABASE latchkey OWNER latchkey ENCODING 'UTF8' TEMPLATE template0;
-- From now on the administrator comes from within the container only, where no password is asked for.
ALTER ROLE postgres PASSWORD NULL;
