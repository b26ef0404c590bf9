import { startServer } from './server';

startServer(__dirname);
