use kit::testing::TestApp;
