# The service on a CPU: one image, two programs. `serve` is the API; the worker is started by naming it (docker-compose.yml).
# Dockerfile.gpu is the same with CUDA.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN scripts/publish /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS service
WORKDIR /app
COPY scripts/check-health scripts/
COPY --from=build /app .
RUN install --directory --owner app /data
USER app
VOLUME /data
ENV Storage__Root=/data \
    ASPNETCORE_URLS=http://+:8080 \
    Worker__InProcess=false
EXPOSE 8080
CMD ["dotnet", "/app/api/NeuralCapacitance.Api.dll", "serve"]
