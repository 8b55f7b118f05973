// 3,600 requests. FC_RUNS=9 sends 10,800.
import './gateway.property.api.spec.js';
