export { CNNModel, type ModelRecipe } from './pytorch';
export { buildModel } from './tensorflow';
